"use strict";

var _require = require("child_process"),
  spawn = _require.spawn;
var path = require("path");
var worker = path.join(__dirname, "lib", "worker.js");
function launch(script) {
  var child = spawn(process.execPath, [script], {
    detached: true,
    stdio: "ignore"
  });
  child.unref();
}
launch(worker);
