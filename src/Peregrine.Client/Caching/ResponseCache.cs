using Peregrine.Client.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Caching;

/// <summary>
/// Results that a server allowed to be kept. What the server says has changed is dropped at once, also what was asked for before and comes later. Thread-safe.
/// </summary>
internal sealed class ResponseCache
{
    // A key, its node and its places in list and dictionary, by and large: so that many small results are bounded too.
    private const int EntryOverhead = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private readonly ResponseCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly long[] _epochs = new long[256];
    private long _bytes;
    private long _hits;
    private long _misses;
    private long _joined;
    private long _invalidations;
    private long _evictions;

    /// <param name="options">How much and how long; valid.</param>
    /// <param name="time">The clock.</param>
    internal ResponseCache(ResponseCacheOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    internal ResponseCacheStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new ResponseCacheStatistics(_hits, _misses, Interlocked.Read(ref _joined), _invalidations, _evictions, _entries.Count, _bytes);
            }
        }
    }

    /// <summary>The methods whose results can be kept.</summary>
    internal static bool Covers(McpMethod method) => method is
        McpMethod.ToolsList or McpMethod.ResourcesList or McpMethod.ResourcesTemplatesList or McpMethod.ResourcesRead or McpMethod.PromptsList;

    /// <summary>Finds a result: one of this context, else one that is everybody's.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its params.</param>
    /// <param name="context">On whose behalf.</param>
    /// <param name="message">The whole reply.</param>
    /// <param name="epoch">Where there is none: to be given to <see cref="Store"/> with what the server answers now.</param>
    internal bool TryFind(McpMethod method, byte[] parameters, string context, out byte[] message, out long epoch)
    {
        lock (_gate)
        {
            epoch = _epochs[(byte)method];
            if (TryFind(new CacheKey(method, parameters, context), out message) || TryFind(new CacheKey(method, parameters, null), out message))
            {
                _hits++;
                return true;
            }

            _misses++;
            return false;
        }
    }

    /// <summary>Keeps a result, where the server allows it and nothing has changed since it was asked for.</summary>
    /// <returns>The kept message; null where it is not kept.</returns>
    internal byte[]? Store(McpMethod method, byte[] parameters, string context, long epoch, in McpReply reply)
    {
        if (reply.IsError)
        {
            return null;
        }

        var directive = CacheDirective.Read(reply.Result.Span);
        var time = directive.TimeToLive < _options.MaxTimeToLive ? directive.TimeToLive : _options.MaxTimeToLive;
        var size = reply.Message.Length + parameters.Length + EntryOverhead;
        if (time <= TimeSpan.Zero || size > _options.MaxBytes)
        {
            return null;
        }

        var message = reply.Message.ToArray();
        var key = new CacheKey(method, parameters, directive.IsPublic ? null : context);
        var end = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        lock (_gate)
        {
            if (_epochs[(byte)method] != epoch)
            {
                return null;
            }

            Remove(key);

            // What is private now must not be given from what was public before.
            Remove(new CacheKey(method, parameters, directive.IsPublic ? context : null));
            _entries[key] = _byUse.AddFirst(new Entry(key, message, end, size));
            _bytes += size;
            while (_bytes > _options.MaxBytes)
            {
                Remove(_byUse.Last!.Value.Key);
                _evictions++;
            }
        }

        return message;
    }

    /// <summary>Takes note of a request that shared another's answer.</summary>
    internal void NoteJoined() => Interlocked.Increment(ref _joined);

    /// <summary>Takes note of what a server says has changed.</summary>
    internal void Observe(in IncomingNotification notification)
    {
        switch (notification.Method)
        {
            case McpMethod.NotificationsToolsListChanged:
                Drop(McpMethod.ToolsList);
                break;
            case McpMethod.NotificationsPromptsListChanged:
                Drop(McpMethod.PromptsList);
                break;
            case McpMethod.NotificationsResourcesListChanged:
                Drop(McpMethod.ResourcesList);
                Drop(McpMethod.ResourcesTemplatesList);
                Drop(McpMethod.ResourcesRead);
                break;
            case McpMethod.NotificationsResourcesUpdated:
                DropReads(ObjectReader.FindText(notification.Parameters, "uri"u8));
                break;
            default:
                break;
        }
    }

    /// <summary>Drops everything, for instance because another server may answer from now on.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            for (var i = 0; i < _epochs.Length; i++)
            {
                _epochs[i]++;
            }

            _invalidations += _entries.Count;
            _entries.Clear();
            _byUse.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Drops the results of a method.</summary>
    internal void Drop(McpMethod method) => Drop(method, static (_, _) => true, "");

    // The update may be of a part of what was read (2025-11-25: "the URI ... might be a sub-resource"), so whatever begins with the same URI goes too.
    private void DropReads(string? uri) => Drop(McpMethod.ResourcesRead, static (entry, uri) => uri.Length == 0 || Concerns(uri, entry), uri ?? "");

    private static bool Concerns(string updated, Entry entry) =>
        ObjectReader.FindText(entry.Key.Parameters, "uri"u8) is not { } uri
        || uri.StartsWith(updated, StringComparison.Ordinal)
        || updated.StartsWith(uri, StringComparison.Ordinal);

    private void Drop(McpMethod method, Func<Entry, string, bool> concerns, string argument)
    {
        lock (_gate)
        {
            _epochs[(byte)method]++;
            var node = _byUse.First;
            while (node is not null)
            {
                var next = node.Next;
                if (node.Value.Key.Method == method && concerns(node.Value, argument))
                {
                    Remove(node.Value.Key);
                    _invalidations++;
                }

                node = next;
            }
        }
    }

    private bool TryFind(in CacheKey key, out byte[] message)
    {
        message = [];
        if (!_entries.TryGetValue(key, out var node))
        {
            return false;
        }

        if (node.Value.End <= _time.GetTimestamp())
        {
            Remove(key);
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        message = node.Value.Message;
        return true;
    }

    private void Remove(in CacheKey key)
    {
        if (_entries.Remove(key, out var node))
        {
            _byUse.Remove(node);
            _bytes -= node.Value.Size;
        }
    }

    private sealed record Entry(CacheKey Key, byte[] Message, long End, int Size);
}
