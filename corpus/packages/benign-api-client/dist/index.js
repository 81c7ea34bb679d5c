'use strict';
const https = require('node:https');

class Client {
  #token;

  constructor({ baseUrl, token = process.env.CLIENT_API_KEY, timeout = 10000 }) {
    if (!baseUrl) throw new TypeError('baseUrl is missing');
    this.baseUrl = baseUrl;
    this.timeout = timeout;
    this.#token = token;
  }

  request(method, path, body) {
    const url = new URL(path, this.baseUrl);
    return new Promise((resolve, reject) => {
      const request = https.request(
        url,
        { method, timeout: this.timeout, headers: { authorization: `Bearer ${this.#token}` } },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
        },
      );
      request.on('error', reject);
      if (body !== undefined) request.write(JSON.stringify(body));
      request.end();
    });
  }

  get(path) {
    return this.request('GET', path);
  }

  post(path, body) {
    return this.request('POST', path, body);
  }
}

module.exports = { Client };
