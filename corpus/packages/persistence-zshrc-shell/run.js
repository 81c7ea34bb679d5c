const cp = require('child_process');

const add = (text) => `echo '${text}' >> ~/.zshrc`;
cp.exec(add('alias ls="echo inert"'), () => {});
