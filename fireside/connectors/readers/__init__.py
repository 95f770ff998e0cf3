"""Files and folders of elsewhere, read record by record in little memory. Knows no tables of ours."""
