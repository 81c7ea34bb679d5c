import https from 'node:https';
import http from 'node:http';

const agents = { 'http:': http, 'https:': https };

export function send(url, { method = 'GET', headers = {}, body, retries = 2 } = {}) {
  const target = new URL(url);
  const proxy = process.env.HTTPS_PROXY || process.env.https_proxy;
  return new Promise((resolve, reject) => {
    const request = agents[target.protocol].request(target, { method, headers, proxy }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    request.on('error', (error) => (retries > 0 ? resolve(send(url, { method, headers, body, retries: retries - 1 })) : reject(error)));
    if (body) request.write(body);
    request.end();
  });
}

export const post = (url, body, options) => send(url, { ...options, method: 'POST', body });
