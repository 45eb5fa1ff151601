"""Pictures of the modules for README and pages: the real panels on the real scene, drawn without the application.

``make screenshots`` writes them into ``Resources/Screenshots``.
"""
