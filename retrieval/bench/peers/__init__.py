"""The engines that are compared with, each as its own documentation says it is fastest on terms made beforehand."""
