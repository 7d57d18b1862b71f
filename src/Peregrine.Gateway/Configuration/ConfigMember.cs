namespace Peregrine.Gateway.Configuration;

/// <summary>A member of an object in a configuration file.</summary>
internal sealed record ConfigMember(string Name, ConfigPosition Position, ConfigNode Value);
