using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Balancing;

/// <summary>A member of a balanced server as it stands now. A value.</summary>
/// <param name="Name">What it is called; the server's own entry has the server's name.</param>
/// <param name="Target">What it is, for people: a command or a URL, without secrets.</param>
/// <param name="State">Whether it is connected.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="InFlight">Calls that it has not answered yet.</param>
/// <param name="IsEjected">True where it is out of use, or on trial.</param>
/// <param name="Ejections">How often it was taken out of use.</param>
/// <param name="IsTakenOut">True where its operator has taken it out of use.</param>
internal readonly record struct MemberStatus(string Name, string Target, UpstreamState State, int Weight, int InFlight, bool IsEjected, int Ejections, bool IsTakenOut);
