def post_init_hook(env):
    """Give the administrator a place to start: sane defaults are E's first steps, nothing is created here yet."""
