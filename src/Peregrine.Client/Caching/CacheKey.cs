using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Client.Caching;

/// <summary>What a kept result answers: a method, its params, and on whose behalf it was asked; null for a result that is everybody's.</summary>
internal readonly struct CacheKey : IEquatable<CacheKey>
{
    private readonly int _hash;

    internal CacheKey(McpMethod method, byte[] parameters, string? context)
    {
        Method = method;
        Parameters = parameters;
        Context = context;
        var hash = default(HashCode);
        hash.Add(method);
        hash.AddBytes(parameters);
        hash.Add(context);
        _hash = hash.ToHashCode();
    }

    internal McpMethod Method { get; }

    internal byte[] Parameters { get; }

    internal string? Context { get; }

    public bool Equals(CacheKey other) =>
        _hash == other._hash && Method == other.Method && Context == other.Context && Parameters.AsSpan().SequenceEqual(other.Parameters);

    public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

    public override int GetHashCode() => _hash;
}
