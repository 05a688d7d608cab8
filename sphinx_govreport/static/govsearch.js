var govLabels = LABELS;
function govUnfold(terms) {
  Object.keys(govLabels).forEach(function (mark) {
    if (!Object.prototype.hasOwnProperty.call(terms, mark)) return;
    var pages = [].concat(terms[mark]);
    govLabels[mark].split(" ").forEach(function (word) {
      var known = Object.prototype.hasOwnProperty.call(terms, word) ? [].concat(terms[word]) : [];
      terms[word] = Array.from(new Set(known.concat(pages)));
    });
    delete terms[mark];
  });
}
function govNumber(terms, number) {
  var pages = Object.prototype.hasOwnProperty.call(terms, number) ? [].concat(terms[number]) : [];
  Object.keys(terms).forEach(function (word) {
    if (word.indexOf(number + "MARK") >= 0) pages = pages.concat(terms[word]);
  });
  if (pages.length) terms[number] = Array.from(new Set(pages));
}
function splitQuery(query) {
  var terms = Search.hasIndex() ? Search._index.terms : {};
  govUnfold(terms);
  var words = [];
  var runs = query.match(/[HAN]+|(?:(?![HAN])[\p{L}\p{N}_])+/gu) || [];
  runs.forEach(function (run) {
    if (/^[0-9]+$/.test(run)) {
      if (run.length < 3) return;
      words.push("MARK" + run);
      govNumber(terms, "MARK" + run);
    } else if (!/^[HAN]/.test(run) || (run.length < 3 && (run.length > 1 || runs.length === 1))) {
      words.push(run);
    } else {
      for (var i = 0; i + 1 < run.length; i++) words.push(run.substr(i, 2));
    }
  });
  return words;
}
