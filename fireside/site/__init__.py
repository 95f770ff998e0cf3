"""Pages made of many apps: set-up, home, the cockpit, the sample community; and the frame that all pages stand in.

NOT here: any rule or table of its own.
"""
