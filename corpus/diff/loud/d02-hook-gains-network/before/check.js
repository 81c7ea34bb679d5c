if (Number(process.versions.node.split('.')[0]) < 18) console.warn('runner wants Node 18');
