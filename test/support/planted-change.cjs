// Replaces one passage of a source file while it is bundled; a passage that is not there is a mistake of the test.
module.exports = function planted(source) {
  const { from, to } = this.getOptions();
  if (!source.includes(from)) throw new Error(`nothing to change: ${from}`);
  return source.replace(from, to);
};
