using System.Globalization;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the method that writes a value with parts.</summary>
internal static class WriteEmitter
{
    internal static void Emit(CodeWriter code, JsonCode json, CompositeModel type)
    {
        code.Open($"internal static void Write{type.Key}(ToolJson json, {type.TypeName}{(type.IsValueType ? "" : "?")} value)");
        if (!type.IsValueType)
        {
            code.Open("if (value is null)");
            code.Line("json.Null();");
            code.Line("return;");
            code.Close();
            code.Line();
        }

        if (type.Kind == CompositeKind.Object)
        {
            EmitObject(code, json, type);
            return;
        }

        var isList = type.Kind != CompositeKind.Dictionary;
        code.Line(isList ? "json.Raw(\"[\"u8);" : "json.Raw(\"{\"u8);");
        code.Line("var comma = false;");
        code.Open("foreach (var item in value)");
        code.Line(isList ? "json.Separate(ref comma);" : "json.Key(ref comma, item.Key);");
        json.EmitWrite(code, type.Item!, type.IsItemNullable, isList ? "item" : "item.Value", "present", NumberForms.None);
        code.Close();
        code.Line();
        code.Line(isList ? "json.Raw(\"]\"u8);" : "json.Raw(\"}\"u8);");
        code.Close();
    }

    private static void EmitObject(CodeWriter code, JsonCode json, CompositeModel type)
    {
        if (type.Object!.Forms is { } forms)
        {
            EmitForms(code, json, type, forms);
        }
        else
        {
            code.Line("json.Raw(\"{\"u8);");
            code.Line($"Write{type.Key}Members(json, value, false);");
        }

        code.Line("json.Raw(\"}\"u8);");
        code.Close();
        code.Line();
        code.Open($"internal static void Write{type.Key}Members(ToolJson json, {type.TypeName} value, bool comma)");
        var isBehindOther = false;
        var properties = type.Object.Properties.Where(static property => property.IsWritten).OrderBy(static property => property.Order).ToArray();
        for (var i = 0; i < properties.Length; i++)
        {
            EmitProperty(code, json, properties[i], $"part{i.ToString(CultureInfo.InvariantCulture)}", isBehindOther);
            isBehindOther |= properties[i].Ignored == IgnoreCondition.Never;
        }

        code.Close();
    }

    private static void EmitProperty(CodeWriter code, JsonCode json, PropertyModel property, string local, bool isBehindOther)
    {
        var name = JsonWriter.String(property.JsonName) + ":";
        var value = $"value.{property.Name}";
        var condition = property.Ignored switch
        {
            IgnoreCondition.WhenNull when property.IsNullable || !property.Shape.IsValueType => $"if ({value} is not null)",
            IgnoreCondition.WhenDefault => $"if (!global::System.Collections.Generic.EqualityComparer<{property.TypeName}>.Default.Equals({value}, default!))",
            _ => null,
        };
        if (condition is not null)
        {
            code.Open(condition);
        }

        code.Line(isBehindOther ? $"json.Raw({JsonCode.Text("," + name)}u8);" : $"json.Name(ref comma, {JsonCode.Text(name)}u8);");
        json.EmitWrite(code, property.Shape, property.IsNullable, value, local, property.Numbers);
        if (condition is not null)
        {
            code.Close();
            code.Line();
        }
    }

    private static void EmitForms(CodeWriter code, JsonCode json, CompositeModel type, PolymorphismModel forms)
    {
        code.Open("switch (value)");
        for (var i = 0; i < forms.Derived.Count; i++)
        {
            var form = forms.Derived[i];
            if (form.Key != type.Key)
            {
                json.Request(form.Key, isRead: false);
            }

            var local = $"form{i.ToString(CultureInfo.InvariantCulture)}";
            var head = form.Token is null ? "{" : $"{{{JsonWriter.String(forms.Member)}:{form.Token}";
            code.Line($"case {form.TypeName} {local}{(form.Key == type.Key ? $" when {local}.GetType() == typeof({form.TypeName})" : "")}:");
            code.Line($"    json.Raw({JsonCode.Text(head)}u8);");
            code.Line($"    {json.ClassName}.Write{form.Key}Members(json, {local}, {(form.Token is null ? "false" : "true")});");
            code.Line("    break;");
        }

        code.Line("default:");
        if (forms.IsConcrete)
        {
            code.Open($"    if (value.GetType() != typeof({type.TypeName}))");
            code.Line("ToolJson.RefuseDerived(value);");
            code.Close();
            code.Line();
            code.Line("    json.Raw(\"{\"u8);");
            code.Line($"    Write{type.Key}Members(json, value, false);");
        }
        else
        {
            code.Line("    ToolJson.RefuseDerived(value);");
        }

        code.Line("    break;");
        code.Close();
        code.Line();
    }
}
