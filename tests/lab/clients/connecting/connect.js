// Posts to each URL behind the file of the authority, and prints a line of what a program would end with.
const [authority, ...urls] = process.argv.slice(2);
const ca = require("fs").readFileSync(authority);

function post(url) {
  return new Promise((resolve) => {
    const options = { method: "POST", ca, agent: false };
    const request = require(url.split(":")[0]).request(url, options, (answer) => resolve(`HTTP ${answer.statusCode}`));
    request.on("error", (error) => resolve(`${error.name}: ${error.message} (code ${error.code})`));
    request.end("x");
  });
}

(async () => {
  for (const url of urls) console.log((await post(url)).trim().replaceAll("\n", " "));
})();
