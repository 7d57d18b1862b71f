namespace Peregrine.Client.Pipeline;

/// <summary>What is known about sending a request a second time.</summary>
internal enum RequestSafety : byte
{
    /// <summary>Nothing is known: it may change something each time it runs.</summary>
    Unknown,

    /// <summary>It changes something, but a second time nothing more than the first.</summary>
    Idempotent,

    /// <summary>It changes nothing: the specification says so of its method (lists, reads, <c>prompts/get</c>, completion, <c>ping</c>), or a trusted tool says so of itself.</summary>
    ReadOnly,
}
