"""Close encounters as files and pages: tables, a finding, draft rows for the record, and a report with a map."""
