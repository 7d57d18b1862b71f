namespace Peregrine.Client.Pool;

/// <summary>How one server of a pool is doing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsConnected">True once a client of it was made.</param>
/// <param name="IsHealthy">False where it is out of use.</param>
/// <param name="InFlight">Requests that were sent to it and have not ended.</param>
/// <param name="Requests">Requests that were sent to it so far.</param>
/// <param name="Failures">Of those, how many failed in a way that is the server's fault.</param>
/// <param name="Ejections">How often it was taken out of use.</param>
public readonly record struct PoolMemberStatus(string Name, bool IsConnected, bool IsHealthy, int InFlight, long Requests, long Failures, int Ejections);
