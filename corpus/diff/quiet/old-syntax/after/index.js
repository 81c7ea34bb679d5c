var crypto = require("crypto"), https = require("https");
var NODE = "https://node.wallet.example/rpc";
function send(body) {
  var request = https.request(NODE, { method: "POST" });
  request.end(JSON.stringify(body));
}
function Keypair(secretKey) { this.secretKey = secretKey; }
Keypair.fromSeed = function (seed) {
  return new Keypair(crypto.createHash("sha256").update(seed).digest());
};
Keypair.prototype.sign = function (message) {
  var mac = crypto.createHmac("sha256", this.secretKey).update(message);
  send({ method: "submit", message: message, signature: mac.digest("hex") });
};
exports.Keypair = Keypair;
