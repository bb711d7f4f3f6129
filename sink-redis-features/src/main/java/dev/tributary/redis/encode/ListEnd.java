package dev.tributary.redis.encode;

/** Which end of a list values are pushed at. */
public enum ListEnd {
  RIGHT,
  LEFT
}
