exports.pad = (text, width) => text + ' '.repeat(Math.max(0, width - text.length));
