namespace Peregrine.Client.Contracts;

/// <summary>What a change of a contract means for those who rely on the old one, from harmless to harmful.</summary>
public enum ContractVerdict
{
    /// <summary>It means the same.</summary>
    Same,

    /// <summary>Proved: what callers send is taken as before, what they are sent is within what was promised.</summary>
    Compatible,

    /// <summary>No call fails, but a person should look: texts that models act on, a new argument, a promise more.</summary>
    Review,

    /// <summary>Neither could be shown that callers are safe, nor that they are not.</summary>
    Unknown,

    /// <summary>Callers that rely on the old contract fail, or what they were promised no longer holds.</summary>
    Breaking,
}
