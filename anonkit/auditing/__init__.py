"""The audit: proof on the written bytes that nobody can be found in them.

It shares nothing with the code that garbles: no module here imports `anonkit.text.replace`, or what searches, decodes and
cuts text for it (import-linter has the list, and checks it), so that one mistake cannot hide in both.

    known       who is known: by the run, by a mapping, by anonymizers that are switched off
    needles     what is looked for: each known identity in every form that the stated rule names
    addresses   the forms of an IP address
    views       the bytes as a reader might undo them: escapes decoded, quotes and line breaks taken out
    matcher     many literals in one scan
    labels      what outputs and the manifest hold whatever the rows hold
    places      whether a form may stand where it was met: boundaries, tokens, labels, bare numbers
    searching   finds in one stretch of bytes
    readers     the streams of a file: decompressed, members of archives; `parquet` for those of a parquet file
    findings    what is told of a find; never an original
    stretches   cutting files for workers, and adding up what they found
    run         the audit that ends a run;  files  the audit of files at any time
"""
