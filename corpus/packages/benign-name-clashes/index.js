'use strict';
const WORD = /([a-z]+)=([^;]*)/g;
const requests = new Map();

class Repository {
  constructor(db) {
    this.db = db;
  }

  fetch(id) {
    return this.db.exec('select * from item where id = ?', [id]);
  }

  spawn(kind) {
    return requests.get(kind) || requests.set(kind, { kind, sprite: '\u2764\uFE0F' }).get(kind);
  }
}

exports.words = (text) => {
  const out = {};
  for (let m = WORD.exec(text); m; m = WORD.exec(text)) out[m[1]] = m[2];
  return out;
};
exports.Repository = Repository;
