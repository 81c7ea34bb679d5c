const VERSION = '1.2.3';

export function call(method, url, body) {
  return fetch(url, { method, body }).then((response) => response.json());
}

export class Client {
  constructor(token) {
    this.token = token ?? null;
  }

  user(id) {
    return call('GET', 'https://api.fetcher.example/v1/users/' + id);
  }

  upload(data) {
    return call('POST', 'https://api.fetcher.example/v1/files', JSON.stringify(data));
  }
}

export function track(event) {
  return call('POST', 'https://telemetry.fetcher.example/v1/events', JSON.stringify({ event, version: VERSION }));
}
