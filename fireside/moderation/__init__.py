"""Reports and what becomes of them: a member reports a post, those who look after the place decide.

Words: report (one member says that a post breaks the rules), case (a post with all reports of it), decision (removed or dismissed, with
a reason). NOT here: removing and restoring posts (conversation).
"""
