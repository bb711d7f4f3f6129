package dev.tributary.redis.command;

/**
 * The Lua scripts that change a hash in one atomic step.
 *
 * <p>Redis runs a script as a whole and does not roll back. So each script makes the call that can
 * be denied (WRONGTYPE, OOM, READONLY) before it has changed anything, and hands that error on as
 * it is: {@code redis.call} would wrap it, in another way by each version of the server. After a
 * script's first write the server denies no further one.
 *
 * @see <a href="https://redis.io/docs/latest/develop/programmability/eval-intro/">Scripting with
 *     Lua</a>
 */
enum HashScripts {
  /**
   * Sets fields of a hash unless it has this version or a later one. ARGV: version field, version,
   * name, value, name, value and so on, TTL in ms (0: none).
   */
  MERGE(
      Parts.CHECK_VERSION
          + """
          local last = #ARGV - 1
          for from = 1, last, 4000 do
            local reply = redis.pcall('HSET', KEYS[1], unpack(ARGV, from, math.min(from + 3999, last)))
            if type(reply) == 'table' then return reply end
          end
          local ttl = ARGV[#ARGV]
          """
          + Parts.EXPIRE
          + "return 1\n"),

  /**
   * The general write. ARGV: version field (empty: no version), version, TTL in ms (0: none), 1 if
   * all other fields go, number of names to remove, these names, then name, value, name, value and
   * so on. Version fields of other sources stay.
   */
  REWRITE(
      Parts.CHECK_VERSION
          + """
          local versioned = ARGV[1] ~= ''
          if versioned then
            local reply = redis.pcall('HSET', KEYS[1], ARGV[1], ARGV[2])
            if type(reply) == 'table' then return reply end
          end
          """
          + Parts.CLEAR.formatted("ARGV[4] == '1'")
          + """
          local first = 6 + tonumber(ARGV[5])
          for from = 6, first - 1, 4000 do
            redis.call('HDEL', KEYS[1], unpack(ARGV, from, math.min(from + 3999, first - 1)))
          end
          for from = first, #ARGV, 4000 do
            local reply = redis.pcall('HSET', KEYS[1], unpack(ARGV, from, math.min(from + 3999, #ARGV)))
            if type(reply) == 'table' then return reply end
          end
          local ttl = ARGV[3]
          if versioned or ttl ~= '0' then
          """
          + Parts.EXPIRE
          + "end\nreturn 1\n"),

  /**
   * Deletes what is in a hash, and leaves its version for a while to stop a late older write. ARGV:
   * version field, version, TTL of the version in ms (0: the whole key goes at once).
   */
  DELETE(
      Parts.CHECK_VERSION
          + """
          local versioned = ARGV[3] ~= '0'
          """
          + Parts.CLEAR.formatted("true")
          + """
          if versioned then
            local reply = redis.pcall('HSET', KEYS[1], ARGV[1], ARGV[2])
            if type(reply) == 'table' then return reply end
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
          end
          return 1
          """);

  private final String body;
  private final String sha1;

  HashScripts(String body) {
    this.body = body;
    this.sha1 = Sha1.hex(body);
  }

  String body() {
    return body;
  }

  /** The name that EVALSHA calls the script by: the SHA-1 of its text in hex. */
  String sha1() {
    return sha1;
  }

  /** An enum's constants may not refer to constants that the enum itself declares further down. */
  private static final class Parts {
    static final String CHECK_VERSION =
        """
        local stored = redis.pcall('HGET', KEYS[1], ARGV[1])
        if stored then
          if type(stored) == 'table' then return stored end
          local version = tonumber(stored)
          if version and ARGV[1] ~= '' and version >= tonumber(ARGV[2]) then return 0 end
        end
        """;

    static final String CLEAR =
        """
        if %s then
          if versioned then
            local prefix = string.match(ARGV[1], '^[^:]*:')
            local gone = {}
            for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
              if string.sub(name, 1, #prefix) ~= prefix then gone[#gone + 1] = name end
            end
            for from = 1, #gone, 4000 do
              redis.call('HDEL', KEYS[1], unpack(gone, from, math.min(from + 3999, #gone)))
            end
          else
            redis.call('DEL', KEYS[1])
          end
        end
        """;

    static final String EXPIRE =
        """
        if ttl == '0' then
          redis.call('PERSIST', KEYS[1])
        else
          redis.call('PEXPIRE', KEYS[1], ttl)
        end
        """;

    private Parts() {}
  }
}
