namespace Peregrine.Gateway.Balancing;

/// <summary>By what consistent hashing sends calls to the same member.</summary>
public enum BalancingKey
{
    /// <summary>The caller: who has signed in, else the address or the connection it calls from.</summary>
    Client,

    /// <summary>What is called with which arguments.</summary>
    Call,
}
