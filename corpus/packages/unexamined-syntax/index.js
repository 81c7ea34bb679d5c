module.exports = function ( {
  return %%% ]]
