OURS = "servicedesk."


def is_ours(model):
    """Tell whether a model's name, which may be empty, is one of the Service Desk's."""
    return (model or "").startswith(OURS)
