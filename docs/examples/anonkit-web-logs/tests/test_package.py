from anonkit.testing import PackageContract


class TestPackage(PackageContract):
    package = "anonkit_web_logs"
