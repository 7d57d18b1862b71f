namespace Peregrine.Server.Interaction;

/// <summary>A question of the stateless era that has no answer yet.</summary>
/// <param name="Key">Under which the client answers.</param>
/// <param name="Method">The method.</param>
/// <param name="Params">Its <c>params</c>.</param>
internal readonly record struct OpenQuestion(string Key, byte[] Method, byte[] Params);
