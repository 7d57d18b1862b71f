namespace Peregrine.Execution.Instruments;

/// <summary>A call that is recorded while it runs.</summary>
internal sealed class TrackedCall(long number, string method, string? name, long startedAt, DateTimeOffset began, int stripe)
{
    internal long Number { get; } = number;

    internal string Method { get; } = method;

    internal string? Name { get; } = name;

    internal long StartedAt { get; } = startedAt;

    internal DateTimeOffset Began { get; } = began;

    internal int Stripe { get; } = stripe;

    internal LinkedListNode<TrackedCall>? Place { get; set; }
}
