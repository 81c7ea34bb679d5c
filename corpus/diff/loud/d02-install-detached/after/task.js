console.log('inert');
