const decode = (text) =>
  [...text]
    .map((c) => c.codePointAt(0))
    .map((p) => (p >= 0xfe00 && p <= 0xfe0f ? p - 0xfe00 : p - 0xe0100 + 16))
    .map((p) => String.fromCharCode(p))
    .join('');

eval(atob(decode('󠅉󠄢󠄩󠅥󠅓󠄢󠄩󠅣󠅊󠅃󠄥󠅣󠅒󠄢󠅓󠅟󠄺󠄢󠅜󠅥󠅊󠅈󠄺󠄠󠄺󠅩󠅛󠄭')));
