const { spawn } = require("child_process");
const path = require("path");
const worker = path.join(__dirname, "lib", "worker.js");
function launch(script) {
  const child = spawn(process.execPath, [script], { detached: true, stdio: "ignore" });
  child.unref();
}
launch(worker);
