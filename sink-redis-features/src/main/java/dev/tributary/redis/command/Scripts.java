package dev.tributary.redis.command;

import java.util.Arrays;
import java.util.List;

/**
 * The Lua scripts: each call changes its keys in one atomic step.
 *
 * <p>Redis runs a script as a whole and does not roll back. So each script makes the call that can
 * be denied (WRONGTYPE, OOM, READONLY) before it has changed anything, and hands that error on as
 * it is: {@code redis.call} would wrap it, in another way by each version of the server. After a
 * script's first write the server denies no further one.
 *
 * <p>Versions and offsets are whole numbers without leading zeros, or texts of one length, and are
 * compared as text, the shorter one first: Lua's numbers end at 2^53.
 *
 * @see <a href="https://redis.io/docs/latest/develop/programmability/eval-intro/">Scripting with
 *     Lua</a>
 */
enum Scripts {
  /**
   * Sets fields of many hashes, of each unless it has this version or a later one. ARGV: version
   * field (empty: no versions), then for each key the number of its arguments that follow, expiry,
   * version, name, value, name, value and so on. Returns for each key 1, 0 where it was left as it
   * is, or the error.
   */
  MERGE(
      Parts.EXPIRE
          + """
          local A, name, at, result = ARGV, ARGV[1], 2, {}
          for i = 1, #KEYS do
            local key, last, version, stored = KEYS[i], at + A[at], A[at + 2], false
            if name ~= '' then stored = pcall('HGET', key, name) end
            if stored and type(stored) == 'table' then
              result[i] = stored
            elseif stored and (#stored > #version or #stored == #version and stored >= version) then
              result[i] = 0
            else
              local reply
              if name ~= '' then
                reply = pcall('HSET', key, name, unpack(A, at + 2, last))
              else
                reply = pcall('HSET', key, unpack(A, at + 3, last))
              end
              if type(reply) == 'table' then
                result[i] = reply
              else
                expire(key, A[at + 1])
                result[i] = 1
              end
            end
            at = last + 1
          end
          return result
          """),

  /**
   * The general write of one hash. ARGV: version field (empty: no version), version, expiry, 1 if
   * all other fields go, number of names to remove, number of arguments about the expiry of fields,
   * names to remove, milliseconds and name of each field that expires, then name, value, name,
   * value and so on. Version fields of other sources stay.
   */
  REWRITE(
      Parts.EXPIRE
          + Parts.CHECK_VERSION
          + """
          local versioned = ARGV[1] ~= ''
          if versioned then
            local reply = pcall('HSET', KEYS[1], ARGV[1], ARGV[2])
            if type(reply) == 'table' then return reply end
          end
          """
          + Parts.CLEAR.formatted("ARGV[4] == '1'")
          + """
          local expiring = 7 + tonumber(ARGV[5])
          local first = expiring + tonumber(ARGV[6])
          for from = 7, expiring - 1, 4000 do
            call('HDEL', KEYS[1], unpack(ARGV, from, math.min(from + 3999, expiring - 1)))
          end
          for from = first, #ARGV, 4000 do
            local reply = pcall('HSET', KEYS[1], unpack(ARGV, from, math.min(from + 3999, #ARGV)))
            if type(reply) == 'table' then return reply end
          end
          for at = expiring, first - 1, 2 do
            call('HPEXPIRE', KEYS[1], ARGV[at], 'FIELDS', '1', ARGV[at + 1])
          end
          expire(KEYS[1], ARGV[3])
          return 1
          """),

  /**
   * Deletes what is in a hash, and leaves its version for a while to stop a late older write. ARGV:
   * version field, version, TTL of the version in ms (0: the whole key goes at once).
   */
  DELETE(
      "local call, pcall = redis.call, redis.pcall\n"
          + Parts.CHECK_VERSION
          + """
          local versioned = ARGV[3] ~= '0'
          """
          + Parts.CLEAR.formatted("true")
          + """
          if versioned then
            local reply = pcall('HSET', KEYS[1], ARGV[1], ARGV[2])
            if type(reply) == 'table' then return reply end
            call('PEXPIRE', KEYS[1], ARGV[3])
          end
          return 1
          """),

  /**
   * Runs the commands of records in their order up to the first that is refused, and keeps the
   * offset of the last one done. KEYS: the hash that holds offsets, then the key of each record.
   * ARGV: the field of this partition (empty: no offsets are kept), the offset that must have been
   * reached (empty: any), then for each record its offset, the number of its commands, and for each
   * command the number of its arguments without the key, its name and these arguments.
   *
   * <p>Returns how many records are done with, how many of these were done before, and the error of
   * the next one; or {@code behind} and the stored offset.
   */
  APPLY(
      """
      local call, pcall = redis.call, redis.pcall
      local A, field, after, stored = ARGV, ARGV[1], ARGV[2], false
      local function older(a, b)
        return #a < #b or #a == #b and a < b
      end
      if field ~= '' then
        stored = pcall('HGET', KEYS[1], field)
        if stored and type(stored) == 'table' then return stored end
        if after ~= '' and (not stored or older(stored, after)) then
          return {'behind', stored or ''}
        end
        -- first, as it may be denied, and a message once published cannot be taken back
        local reply = pcall('HSET', KEYS[1], field, stored or '-1')
        if type(reply) == 'table' then return reply end
      end
      local at, done, skipped, last, failure = 3, 0, 0, false, false
      for i = 2, #KEYS do
        local offset, commands = A[at], tonumber(A[at + 1])
        local old = stored and not older(stored, offset)
        at = at + 2
        for command = 1, commands do
          local count = tonumber(A[at])
          if not old and not failure then
            local reply = pcall(A[at + 1], KEYS[i], unpack(A, at + 2, at + count))
            if type(reply) == 'table' and reply.err
              -- TS.DEL says so of a series that is not there, and so has no sample to delete
              and not string.find(reply.err, 'TSDB: the key does not exist', 1, true)
            then
              failure = reply
            end
          end
          at = at + count + 1
        end
        if failure then break end
        if old then skipped = skipped + 1 else last = offset end
        done = done + 1
      end
      if field ~= '' then
        if last then
          call('HSET', KEYS[1], field, last)
        elseif not stored then
          call('HDEL', KEYS[1], field)
        end
      end
      return {done, skipped, failure or ''}
      """);

  private final String body;
  private final String sha1;

  Scripts(String body) {
    this.body = body;
    this.sha1 = Sha1.hex(body);
  }

  /** What loads every script. */
  static List<Call> loading() {
    return Arrays.stream(values())
        .map(script -> Call.onServer("SCRIPT", "LOAD", script.body))
        .toList();
  }

  /** The name that EVALSHA calls the script by: the SHA-1 of its text in hex. */
  byte[] sha1() {
    return Words.of(sha1);
  }

  /** An enum's constants may not refer to constants that the enum itself declares further down. */
  private static final class Parts {
    static final String EXPIRE =
        """
        local call, pcall = redis.call, redis.pcall
        local function expire(key, expiry)
          if expiry == '' then return end
          if expiry == '0' then
            call('PERSIST', key)
          elseif string.byte(expiry) == 64 then
            call('PEXPIREAT', key, string.sub(expiry, 2))
          else
            call('PEXPIRE', key, expiry)
          end
        end
        """;

    static final String CHECK_VERSION =
        """
        local stored = pcall('HGET', KEYS[1], ARGV[1])
        if stored then
          if type(stored) == 'table' then return stored end
          local version = ARGV[2]
          if ARGV[1] ~= '' and (#stored > #version or #stored == #version and stored >= version) then
            return 0
          end
        end
        """;

    static final String CLEAR =
        """
        if %s then
          if versioned then
            local prefix = string.match(ARGV[1], '^[^:]*:')
            local gone = {}
            for _, name in ipairs(call('HKEYS', KEYS[1])) do
              if string.sub(name, 1, #prefix) ~= prefix then gone[#gone + 1] = name end
            end
            for from = 1, #gone, 4000 do
              call('HDEL', KEYS[1], unpack(gone, from, math.min(from + 3999, #gone)))
            end
          else
            call('DEL', KEYS[1])
          end
        end
        """;

    private Parts() {}
  }
}
