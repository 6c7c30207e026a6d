// The operation that the driver calls, as soapcpp2 reads it.
#import "wsse.h"
//gsoap s service name: Sales
//gsoap s service namespace: urn:example:sales
//gsoap s schema namespace: urn:example:sales
//gsoap s schema form: qualified
struct s__ReadOrderResponse { char *OrderNumber 0; char *Status 0; };
//gsoap s service method-action: ReadOrder "urn:example:sales:ReadOrder"
//gsoap s service method-input-header-part: ReadOrder wsse__Security
int s__ReadOrder(char *OrderNumber, struct s__ReadOrderResponse *result);
