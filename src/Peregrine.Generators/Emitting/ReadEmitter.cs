using System.Globalization;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the method that reads a value with parts.</summary>
internal static class ReadEmitter
{
    internal static void Emit(CodeWriter code, JsonCode json, CompositeModel type)
    {
        switch (type.Kind)
        {
            case CompositeKind.Object when type.Object!.Forms is { } forms:
                EmitForms(code, json, type, forms);
                if (forms.IsOwnForm || forms.Derived.Any(form => form.Key == type.Key))
                {
                    code.Line();
                    EmitObject(code, json, type, type.Object, "Itself");
                }

                break;
            case CompositeKind.Object:
                EmitObject(code, json, type, type.Object!, "");
                break;
            case CompositeKind.Dictionary:
                EmitDictionary(code, json, type);
                break;
            default:
                EmitList(code, json, type);
                break;
        }
    }

    private static void EmitList(CodeWriter code, JsonCode json, CompositeModel type)
    {
        code.Open($"internal static {type.TypeName} Read{type.Key}(ref ToolArguments arguments, string name, int min = 0, int max = int.MaxValue)");
        code.Line($"var items = new {type.Build.Type}();");
        code.Open("if (arguments.BeginArray(name))");
        code.Line("var count = 0;");
        code.Open("while (arguments.NextItem())");
        code.Line($"items.Add({json.ReadItem(type.Item!, type.IsItemNullable, "\"\"")});");
        code.Line("arguments.EndItem(count++);");
        code.Close();
        code.Line();
        code.Line("arguments.EndArray(name, count, min, max);");
        code.Close();
        code.Line();
        code.Line($"return {type.Build.Result};");
        code.Close();
    }

    private static void EmitDictionary(CodeWriter code, JsonCode json, CompositeModel type)
    {
        code.Open($"internal static {type.TypeName} Read{type.Key}(ref ToolArguments arguments, string name, int min = 0, int max = int.MaxValue)");
        code.Line($"var items = new {type.Build.Type}();");
        code.Open("if (arguments.BeginObject(name))");
        code.Open("while (arguments.NextEntry(out var key))");
        code.Line($"var isNew = items.TryAdd(key, {json.ReadItem(type.Item!, type.IsItemNullable, "\"\"")});");
        code.Line("arguments.EndEntry(key);");
        code.Open("if (!isNew)");
        code.Line("arguments.Duplicate(key);");
        code.Close();
        code.Close();
        code.Line();
        code.Line("arguments.EndArray(name, items.Count, min, max);");
        code.Close();
        code.Line();
        code.Line($"return {type.Build.Result};");
        code.Close();
    }

    private static void EmitForms(CodeWriter code, JsonCode json, CompositeModel type, PolymorphismModel forms)
    {
        var named = forms.Derived.Where(static form => form.Token is not null).ToArray();
        var tokens = string.Join(", ", named.Select(static form => JsonCode.Text(form.Token!)));
        code.Open($"internal static {type.TypeName} Read{type.Key}(ref ToolArguments arguments, string name)");
        code.Open($"switch (arguments.Discriminate(name, {JsonCode.Text(forms.Member)}, [{tokens}], isRequired: {(forms.IsOwnForm ? "false" : "true")}))");
        for (var i = 0; i < named.Length; i++)
        {
            var reader = named[i].Key == type.Key ? $"Read{type.Key}Itself" : json.OwnReader(named[i].Key);
            code.Line($"case {Number(i)}: return {reader}(ref arguments, name);");
        }

        code.Line(forms.IsOwnForm ? $"default: return arguments.Failed ? default! : Read{type.Key}Itself(ref arguments, name);" : "default: return default!;");
        code.Close();
        code.Close();
    }

    private static void EmitObject(CodeWriter code, JsonCode json, CompositeModel type, ObjectModel composed, string suffix)
    {
        var properties = composed.Properties;
        var read = Enumerable.Range(0, properties.Count).Where(i => properties[i].Access != PropertyAccess.None).ToArray();
        code.Open($"internal static {type.TypeName} Read{type.Key}{suffix}(ref ToolArguments arguments, string name)");
        code.Open("if (!arguments.BeginObject(name))");
        code.Line("return default!;");
        code.Close();
        code.Line();
        foreach (var i in read)
        {
            code.Line($"{properties[i].TypeName} value{Number(i)} = {properties[i].DefaultCode ?? "default!"};");
            code.Line($"var has{Number(i)} = false;");
        }

        EmitMembers(code, json, type, read);
        var known = JsonCode.Names(read.Select(i => properties[i].JsonName).Concat(FormMembers(json, type)));
        foreach (var i in read.Where(i => properties[i].IsRequired))
        {
            code.Open($"if (!has{Number(i)})");
            code.Line($"arguments.Missing({JsonCode.Text(properties[i].JsonName)}, {known});");
            code.Close();
            code.Line();
        }

        code.Line("arguments.EndObject(name);");
        code.Open("if (arguments.Failed)");
        code.Line("return default!;");
        code.Close();
        code.Line();
        EmitMaking(code, type, read);
        code.Close();
        EmitAccessors(code, type, read);
    }

    private static void EmitMembers(CodeWriter code, JsonCode json, CompositeModel type, int[] read)
    {
        code.Line();
        code.Open("while (arguments.Next())");
        var branch = "if";
        foreach (var i in read)
        {
            var property = type.Object!.Properties[i];
            var name = JsonCode.Text(property.JsonName);
            var value = json.Read(property.Shape, name, property.Bounds, property.Numbers);
            code.Open($"{branch} (arguments.Is({name}u8))");
            if (property.IsNullable && !JsonCode.TakesNull(property.Shape))
            {
                code.Line($"value{Number(i)} = arguments.ReadIsNull({name}, ref has{Number(i)}) ? null : {value};");
            }
            else
            {
                code.Line($"arguments.Read({name}, ref has{Number(i)});");
                code.Line($"value{Number(i)} = {value};");
            }

            json.EmitChecks(code, property.Shape, property.IsNullable, $"value{Number(i)}", name, property.Bounds);
            code.Close();
            branch = "else if";
        }

        EmitUnknown(code, json, type, branch);
        code.Close();
        code.Line();
    }

    private static void EmitUnknown(CodeWriter code, JsonCode json, CompositeModel type, string branch)
    {
        var refuses = type.Object!.RefusesUnknown;
        foreach (var member in refuses ? FormMembers(json, type) : [])
        {
            code.Open($"{branch} (arguments.Is({JsonCode.Text(member)}u8))");
            code.Line("arguments.Skip();");
            code.Close();
            branch = "else if";
        }

        if (branch != "if")
        {
            code.Open("else");
        }

        code.Line(refuses ? "arguments.RefuseUnknown();" : "arguments.Skip();");
        if (branch != "if")
        {
            code.Close();
        }
    }

    /// <summary>The members that name the form of an object, where the type is one of several.</summary>
    private static IEnumerable<string> FormMembers(JsonCode json, CompositeModel type) =>
        json.Composites.Select(static other => other.Object?.Forms).Where(forms => forms is not null && forms.Derived.Any(form => form.Key == type.Key)).Select(static forms => forms!.Member).Distinct();

    private static void EmitMaking(CodeWriter code, CompositeModel type, int[] read)
    {
        var properties = type.Object!.Properties;
        var arguments = string.Join(", ", type.Object.Constructor.Select(static i => $"value{Number(i)}"));
        var initializers = string.Join(", ", read.Where(i => properties[i].Access == PropertyAccess.Initializer).Select(i => $"{properties[i].Name} = value{Number(i)}"));
        code.Line($"var result = new {type.TypeName}({arguments}){(initializers.Length == 0 ? "" : $" {{ {initializers} }}")};");
        foreach (var i in read.Where(i => properties[i].Access is PropertyAccess.Setter or PropertyAccess.Accessor))
        {
            code.Open($"if (has{Number(i)})");
            code.Line(properties[i].Access == PropertyAccess.Setter
                ? $"result.{properties[i].Name} = value{Number(i)};"
                : $"Set{type.Key}{Number(i)}({(type.IsValueType ? "ref " : "")}result, value{Number(i)});");
            code.Close();
            code.Line();
        }

        code.Line("return result;");
    }

    private static void EmitAccessors(CodeWriter code, CompositeModel type, int[] read)
    {
        foreach (var i in read.Where(i => type.Object!.Properties[i].Access == PropertyAccess.Accessor))
        {
            var property = type.Object!.Properties[i];
            code.Line();
            code.Line($"[UnsafeAccessor(UnsafeAccessorKind.Method, Name = \"set_{property.Name.TrimStart('@')}\")]");
            code.Line($"private static extern void Set{type.Key}{Number(i)}({(type.IsValueType ? "ref " : "")}{property.DeclaringType} target, {property.TypeName} value);");
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
