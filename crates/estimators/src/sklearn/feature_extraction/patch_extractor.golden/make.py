from golden import case, digits
from sklearn.feature_extraction.image import PatchExtractor


def grey(model, rows):
    """The patches of each row's square image, side by side."""
    side = int(round(rows.shape[1] ** 0.5))
    return model.transform(rows.reshape(-1, side, side)).reshape(len(rows), -1)


def coloured(model, rows):
    side = int(round((rows.shape[1] / 3) ** 0.5))
    return model.transform(rows.reshape(-1, side, side, 3)).reshape(len(rows), -1)


def images(side):
    return digits()[0][:4].reshape(-1, 8, 8)[:, 1 : side + 1, 1 : side + 1].reshape(4, -1).copy()


@case(calls={"transform": grey})
def of_grey_images():
    return PatchExtractor(patch_size=(2, 3), random_state=0), images(5)


@case(versions=["0.22", "1.2", "1.9"], calls={"transform": coloured})
def of_coloured_images():
    return PatchExtractor(patch_size=(3, 2), random_state=0), digits()[0][:3, :48].copy()


@case(versions=["1.2", "1.9"], calls={"transform": coloured})
def a_tenth_of_the_image():
    return PatchExtractor(random_state=0), digits()[0][:12].reshape(2, -1)[:, :363].copy()


@case(versions=["1.9"], refused=True, calls={"transform": grey})
def missing():
    rows = images(4)
    rows[1, 3] = float("nan")
    return PatchExtractor(patch_size=(2, 2), random_state=0), rows


@case(versions=["1.9"], unsupported=True)
def drawn_at_random():
    return PatchExtractor(patch_size=(2, 2), max_patches=3, random_state=0), None
