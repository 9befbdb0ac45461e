"""Requirements as other tools hold them: in from ReqIF, needs.json and CSV, out as a trace matrix in these and HTML.

Theory. Between the formats lies one plain shape, the *entries*: by id, the fields as they stand in the YAML files, each
limit in the form somebody wrote it. So nothing is computed on the way, and what was exported comes back as it was. An
importer only says what stood where; what is right or wrong about it is decided where the YAML files are checked too.
"""
