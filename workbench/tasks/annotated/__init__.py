"""Pictures with boxes of the user's own: Pascal VOC, COCO and YOLO, read within limits."""
