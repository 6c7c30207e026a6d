*&---------------------------------------------------------------------*
*& Report ZWSSDOCTOR_COLLECT
*&---------------------------------------------------------------------*
*& Reads what 'wssdoctor collect' needs and downloads it as one file.
*& It reads only. Columns with hashes or encrypted passwords are never
*& named here, so they are never read. Whoever runs it needs the display
*& authorization for each table; a table without it is left out.
*&
*& The file: for each table a line with the names of its columns, then a
*& line for each row, cells between bars. A bar in a value is kept,
*& because every column has a fixed width.
*&---------------------------------------------------------------------*
REPORT zwssdoctor_collect.

* A table with more rows is left out as a whole: a part of it would mislead.
CONSTANTS gc_limit TYPE i VALUE 100000.

TYPES gty_line TYPE c LENGTH 2000.
TYPES gty_condition TYPE c LENGTH 72.

DATA gt_line TYPE STANDARD TABLE OF gty_line WITH DEFAULT KEY.
DATA gt_condition TYPE STANDARD TABLE OF gty_condition WITH DEFAULT KEY.
DATA gv_user TYPE c LENGTH 12.

SELECT-OPTIONS s_user FOR gv_user NO INTERVALS.
PARAMETERS p_extid AS CHECKBOX DEFAULT 'X'.
PARAMETERS p_bind AS CHECKBOX DEFAULT 'X'.

START-OF-SELECTION.
  PERFORM collect.
  PERFORM download.

*&---------------------------------------------------------------------*
*& All tables, each with the columns that wssdoctor reads
*&---------------------------------------------------------------------*
FORM collect.
  PERFORM condition USING 'COMPONENT = ''SAP_BASIS'''.
  PERFORM read_table USING 'CVERS' 'COMPONENT,RELEASE'.

  PERFORM condition USING 'BNAME LIKE ''DELAY_L%'''.
  PERFORM condition_users.
  PERFORM read_table USING 'USR02' 'MANDT,BNAME,UFLAG,USTYP,GLTGV,GLTGB,LOCNT,CODVN'.

  PERFORM read_table USING 'ICFSERVICE' 'ICF_NAME,ICFPARGUID,ICFNODGUID,ORIG_NAME,ICF_MANDT,ICF_USER,SSLFLAG,OBLUSRFLAG'.
  PERFORM read_table USING 'ICFSERVLOC' 'ICF_NAME,ICFPARGUID,ICFACTIVE'.
  PERFORM read_table USING 'ICFSECPASSWD' 'ICF_NAME,ICFPARGUID,ICF_USER'.

  IF p_extid = 'X'.
    PERFORM read_table USING 'USREXTID' 'MANDT,BNAME,TYPE,EXTID,STATUS,MIN_DATE,ISSUER'.
    PERFORM read_table USING 'USRCERTMAP' 'MANDT,BNAME,SUBJECT,ISSUER'.
    PERFORM read_table USING 'USRCERTRULE' 'MANDT,CERTINDEX,CERTATTRIBUTE,LOGONWITH,SUBJECTFLT,ISSUERFLT,STATUS'.
    PERFORM read_table USING 'TWPSSO2ACL' 'MANDT,SYSID,CLNT,SYSCLIENT,SYSCLNT,SUBJECT'.
  ENDIF.

  IF p_bind = 'X'.
    PERFORM condition USING 'STATE = ''A'' AND PROP_STATE <> ''E'''.
    PERFORM condition USING 'AND PROP_NAME NOT LIKE ''%Password'''.
    PERFORM condition USING 'AND PROP_NAME NOT LIKE ''%.PIN'''.
    PERFORM read_table USING 'SRT_RTC_DATA' 'CLIENT,BINDING_KEY,STATE,PROP_STATE,PROP_NAME,PROP_VALUE,PROP_VALUE1'.
  ENDIF.
ENDFORM.

*&---------------------------------------------------------------------*
*& One line of the condition for the next table
*&---------------------------------------------------------------------*
FORM condition USING uv_text TYPE csequence.
  DATA lv_condition TYPE gty_condition.
  lv_condition = uv_text.
  APPEND lv_condition TO gt_condition.
ENDFORM.

*&---------------------------------------------------------------------*
*& The users that were named, beside the technical one
*&---------------------------------------------------------------------*
FORM condition_users.
  DATA lv_name TYPE string.
  DATA lv_text TYPE string.
  LOOP AT s_user WHERE sign = 'I' AND option = 'EQ'.
    lv_name = s_user-low.
    REPLACE ALL OCCURRENCES OF `'` IN lv_name WITH `''`.
    CONCATENATE `OR BNAME = '` lv_name `'` INTO lv_text.
    PERFORM condition USING lv_text.
  ENDLOOP.
ENDFORM.

*&---------------------------------------------------------------------*
*& Read one table: the wanted columns that this release has
*&---------------------------------------------------------------------*
FORM read_table USING uv_table TYPE csequence
                      uv_columns TYPE csequence.
  DATA lv_table TYPE c LENGTH 30.
  DATA lt_field TYPE STANDARD TABLE OF dfies WITH DEFAULT KEY.
  DATA lt_kept TYPE STANDARD TABLE OF dfies WITH DEFAULT KEY.
  DATA lt_wanted TYPE STANDARD TABLE OF string WITH DEFAULT KEY.
  DATA lt_select TYPE STANDARD TABLE OF gty_condition WITH DEFAULT KEY.
  DATA lv_select TYPE gty_condition.
  DATA lv_allowed TYPE c LENGTH 1.
  DATA lv_first TYPE i.
  DATA lv_most TYPE i.
  DATA lr_row TYPE REF TO data.
  FIELD-SYMBOLS <ls_field> TYPE dfies.
  FIELD-SYMBOLS <ls_row> TYPE any.

  lv_table = uv_table.
  SPLIT uv_columns AT ',' INTO TABLE lt_wanted.
  PERFORM check_display USING lv_table CHANGING lv_allowed.
  IF lv_allowed = space.
    CLEAR gt_condition.
    RETURN.
  ENDIF.

  CALL FUNCTION 'DDIF_FIELDINFO_GET'
    EXPORTING
      tabname   = lv_table
    TABLES
      dfies_tab = lt_field
    EXCEPTIONS
      OTHERS    = 1.
  IF sy-subrc <> 0.
    PERFORM note USING lv_table 'this release has no such table'.
    CLEAR gt_condition.
    RETURN.
  ENDIF.

  LOOP AT lt_field ASSIGNING <ls_field>.
    READ TABLE lt_wanted WITH KEY table_line = <ls_field>-fieldname TRANSPORTING NO FIELDS.
    IF sy-subrc = 0.
      APPEND <ls_field> TO lt_kept.
      lv_select = <ls_field>-fieldname.
      APPEND lv_select TO lt_select.
    ENDIF.
  ENDLOOP.
  IF lt_kept IS INITIAL.
    CLEAR gt_condition.
    RETURN.
  ENDIF.

  PERFORM header TABLES lt_kept USING lv_table.
  lv_first = lines( gt_line ).
  lv_most = gc_limit + 1.
  TRY.
      CREATE DATA lr_row TYPE (lv_table).
      ASSIGN lr_row->* TO <ls_row>.
      SELECT (lt_select) FROM (lv_table) INTO CORRESPONDING FIELDS OF <ls_row>
        UP TO lv_most ROWS WHERE (gt_condition).
        PERFORM row TABLES lt_kept USING <ls_row>.
      ENDSELECT.
      IF lines( gt_line ) > lv_first + gc_limit.
        DELETE gt_line FROM lv_first.
        PERFORM note USING lv_table 'too many rows, export it with SE16'.
      ENDIF.
    CATCH cx_sy_dynamic_osql_error cx_sy_create_data_error.
      DELETE gt_line FROM lv_first.
      PERFORM note USING lv_table 'the table could not be read'.
  ENDTRY.
  CLEAR gt_condition.
ENDFORM.

*&---------------------------------------------------------------------*
*& May this user display the table? As in SE16: activity 03
*&---------------------------------------------------------------------*
FORM check_display USING uv_table TYPE csequence
                   CHANGING cv_allowed TYPE c.
  DATA lv_view TYPE c LENGTH 30.
  lv_view = uv_table.
  cv_allowed = 'X'.
  CALL FUNCTION 'VIEW_AUTHORITY_CHECK'
    EXPORTING
      view_action = 'S'
      view_name   = lv_view
    EXCEPTIONS
      OTHERS      = 1.
  IF sy-subrc <> 0.
    cv_allowed = space.
    PERFORM note USING uv_table 'no authorization to display it'.
  ENDIF.
ENDFORM.

*&---------------------------------------------------------------------*
*& The names of the columns, as wide as their values
*&---------------------------------------------------------------------*
FORM header TABLES ut_field STRUCTURE dfies
            USING uv_table TYPE csequence.
  DATA lv_line TYPE gty_line.
  DATA lv_at TYPE i.
  DATA lv_width TYPE i.
  FIELD-SYMBOLS <ls_field> TYPE dfies.
  PERFORM note USING uv_table 'wssdoctor list'.
  lv_line(1) = '|'.
  lv_at = 1.
  LOOP AT ut_field ASSIGNING <ls_field>.
    PERFORM width USING <ls_field> CHANGING lv_width.
    IF lv_at + lv_width >= 1999.
      EXIT.
    ENDIF.
    lv_line+lv_at(lv_width) = <ls_field>-fieldname.
    lv_at = lv_at + lv_width.
    lv_line+lv_at(1) = '|'.
    lv_at = lv_at + 1.
  ENDLOOP.
  APPEND lv_line TO gt_line.
ENDFORM.

*&---------------------------------------------------------------------*
*& One row, cells under their names
*&---------------------------------------------------------------------*
FORM row TABLES ut_field STRUCTURE dfies
         USING us_row TYPE any.
  DATA lv_line TYPE gty_line.
  DATA lv_text TYPE gty_line.
  DATA lv_at TYPE i.
  DATA lv_width TYPE i.
  FIELD-SYMBOLS <ls_field> TYPE dfies.
  FIELD-SYMBOLS <lv_value> TYPE any.
  lv_line(1) = '|'.
  lv_at = 1.
  LOOP AT ut_field ASSIGNING <ls_field>.
    ASSIGN COMPONENT <ls_field>-fieldname OF STRUCTURE us_row TO <lv_value>.
    PERFORM width USING <ls_field> CHANGING lv_width.
    IF sy-subrc <> 0 OR lv_at + lv_width >= 1999.
      EXIT.
    ENDIF.
    CLEAR lv_text.
    lv_text = <lv_value>.
    SHIFT lv_text LEFT DELETING LEADING space.
    lv_line+lv_at(lv_width) = lv_text.
    lv_at = lv_at + lv_width.
    lv_line+lv_at(1) = '|'.
    lv_at = lv_at + 1.
  ENDLOOP.
  APPEND lv_line TO gt_line.
ENDFORM.

*&---------------------------------------------------------------------*
*& How wide a column is: name and value fit with a blank behind them.
*& Strings fill 256 without one, which tells collect that they are cut.
*&---------------------------------------------------------------------*
FORM width USING us_field TYPE dfies
           CHANGING cv_width TYPE i.
  IF us_field-inttype = 'g'.
    cv_width = 256.
    RETURN.
  ENDIF.
  cv_width = us_field-outputlen.
  IF cv_width < 32.
    cv_width = 32.
  ENDIF.
  cv_width = cv_width + 1.
ENDFORM.

*&---------------------------------------------------------------------*
*& A line between the lists
*&---------------------------------------------------------------------*
FORM note USING uv_table TYPE csequence
                uv_text TYPE csequence.
  DATA lv_line TYPE gty_line.
  CONCATENATE uv_table uv_text INTO lv_line SEPARATED BY ': '.
  APPEND space TO gt_line.
  APPEND lv_line TO gt_line.
ENDFORM.

*&---------------------------------------------------------------------*
*& Download: UTF-8, so that no name is damaged
*&---------------------------------------------------------------------*
FORM download.
  DATA lv_name TYPE string.
  DATA lv_path TYPE string.
  DATA lv_full TYPE string.
  DATA lv_action TYPE i.
  CONCATENATE `wssdoctor-` sy-sysid `-` sy-mandt `.txt` INTO lv_name.
  cl_gui_frontend_services=>file_save_dialog(
    EXPORTING
      default_file_name = lv_name
    CHANGING
      filename          = lv_name
      path              = lv_path
      fullpath          = lv_full
      user_action       = lv_action
    EXCEPTIONS
      OTHERS            = 1 ).
  IF sy-subrc <> 0 OR lv_action <> cl_gui_frontend_services=>action_ok.
    RETURN.
  ENDIF.
  cl_gui_frontend_services=>gui_download(
    EXPORTING
      filename = lv_full
      codepage = '4110'
    CHANGING
      data_tab = gt_line
    EXCEPTIONS
      OTHERS   = 1 ).
  IF sy-subrc <> 0.
    MESSAGE 'The file could not be written' TYPE 'E'.
  ENDIF.
ENDFORM.
