"""Deploy: nginx in front of two servers, restarts, the doctor, the images."""
