const BASE = 'https://rules.invalid';

async function text(path) {
  const response = await fetch(BASE + path);
  return response.text();
}

module.exports = { text };
